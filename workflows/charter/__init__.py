"""The charter: who owns, advises, challenges, arbitrates, endorses and deputises, endorsed by an executive."""

"""The charter: who owns, advises, challenges, arbitrates, endorses and deputises; endorsed every year."""

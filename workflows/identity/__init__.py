"""People, posts with dated appointments, and who may act from which desk."""

"""sladsl: promises as sentences, judged against what really happened."""

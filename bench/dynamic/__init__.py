"""The subject one writes first: one dynamic resource a number, one SDK call at a time."""

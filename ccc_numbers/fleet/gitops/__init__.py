"""What pipelines need: the stacks of a change, plans of many stacks, texts for pull requests and issues."""

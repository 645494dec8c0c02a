"""Phone numbers of Alibaba Cloud Call Center as code."""

"""The repository of a team that uses this project without a fork: written by `init`, moved on by `upgrade`."""

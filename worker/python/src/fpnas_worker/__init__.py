"""A worker for fpnas that trains in PyTorch."""

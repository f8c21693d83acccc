"""Entry points of training and retraining."""

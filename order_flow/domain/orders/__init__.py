"""The order itself: numbers, classes, progress, its log, files of orders."""

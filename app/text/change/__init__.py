"""What is said of what changes over time: habits, how somebody stood, planned weeks."""

"""A phone as the camera: one page for one phone on this network, and the pictures it sends."""

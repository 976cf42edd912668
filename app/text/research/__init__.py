"""What is said of folders of photographs and of studies."""

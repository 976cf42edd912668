"""What has changed: two checks, all of them, weeks with and without exercises."""

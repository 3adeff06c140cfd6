"""What is described: scenarios, calendars, arrivals, distributions."""

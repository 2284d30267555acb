"""Home: what waits for whoever signs in - the next article, the campaigns, the exports."""

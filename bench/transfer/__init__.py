"""Quality of what is found to be alike and of what is matched for a country, on written pairs."""

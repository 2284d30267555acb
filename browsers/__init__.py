"""Other browsers than the Chromium of the tests do a whole job: `make browsers`."""

"""Everything Kutip needs around itself on one machine: PostgreSQL, Valkey and the supervisor.

`servers.ensure()` is the door: inside it the database and the queue answer. Whoever enters first
starts a *keeper*, a small process that owns the servers and counts its users; it stops them when
the last user has gone, however that user ended. `DATABASE_URL` and `CELERY_BROKER_URL` replace
the embedded servers one by one. Only the standard library and psycopg are imported here (the web
child, `web.py`, is the exception: it runs granian in a process of its own).

    paths         where things are              connections   what the settings say: pure
    accounts      as whom PostgreSQL runs       binaries      which programs are run
    processes     spawning and ending           programs      what must run as long as we do
    ports         claiming the port             alarm         signals, for a selector
    cluster       making a PostgreSQL cluster   leftovers     what a killed one leaves behind
    postgres, valkey                            the two servers
    keeper        the process that owns them    servers       its users' side
    preparation   the second role, in a database that DATABASE_URL names
    fingerprints  does earlier work still hold  launch, chores   what a start has to do
    supervisor    `make run`                    children, web    its children
    welcome, probe, announcement                what it says at the terminal
    entry         `manage.py`

Linux is what all this is tested on. It is written for macOS as well, and untested there: without
PR_SET_PDEATHSIG and /proc the keeper does what the kernel does on Linux.
"""

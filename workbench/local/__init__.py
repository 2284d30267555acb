"""Everything Kutip needs around itself on one machine: PostgreSQL, Valkey and the supervisor.

`servers.ensure()` is the door: inside it the database and the queue answer. Whoever enters first
starts a *keeper*, a small process that owns the servers and counts its users; it stops them when
the last user has gone, however that user ended. `DATABASE_URL` and `CELERY_BROKER_URL` replace
the embedded servers one by one. Only the standard library and psycopg are imported here (the web
child, `web.py`, is the exception: it runs granian in a process of its own).

    paths        where things are
    connections  what the settings say: pure, starts nothing
    binaries     which programs are run          accounts     as whom
    processes    spawning and ending             ports        claiming the port
    postgres, valkey                             the two servers
    keeper       the process that owns them      servers      its users' side
    preparation  roles in a database that DATABASE_URL names
    chores       one-off commands of Django      launch       what a start does, in order
    supervisor   `make run`                      web          its web child
"""

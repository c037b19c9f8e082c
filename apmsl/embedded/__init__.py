"""A real PostgreSQL and a real Valkey from their wheels, for machines that have neither.

Each server has a *keeper*: a small process that starts it, and stops it when nobody uses it any
longer. Using a server is holding a shared lock on its `users.lock`, which the kernel lets go when
a process ends, however it ends: no list of users can go stale. See docs/adr/.
"""

"""An explorer of orders: facts in any sequence, under the shipped defaults, against one simple oracle.

A schedule is a line of text: the policies of a channel and a list of small acts of people, warehouse and
jobs.
``schedules`` draws and reads such lines, ``world`` plays them on the real site against both simulators,
``oracle`` says from the facts alone how they must end, ``checks`` compares, ``advice`` follows what ``why``
says until the order is at rest, ``shrink`` makes a failing story short. ``schedules.txt`` keeps what was
found; paste a printed line there, and it is played by every ``make test``.
"""

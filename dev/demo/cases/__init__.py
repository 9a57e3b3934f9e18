"""`make demo CASE=add`: one written procedure as a scripted case, played over REST by its people (issue 3).

``script`` has the few verbs of which a case consists, ``words`` the two languages of a story, ``player``
plays and tells it, ``expectations`` looks at the site. The procedures are data: ``add``, ``omm``,
``apparel``, ``pmc``, ``warehouse``. A case holds only when every expectation of it held.
"""

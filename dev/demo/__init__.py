"""`make demo`: sample orders, or a file of real ones, through the whole flow over REST (design 7).

``scenarios`` says what happens to each order as data, ``director`` plays the people of the site and of the
warehouse, ``verdict`` asks the reconciliation whether site, WDT and U8 agree. Nothing here reaches into the
site's database; everything goes over HTTP, as other systems do it.
"""

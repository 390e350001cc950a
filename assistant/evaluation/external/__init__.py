"""Suites on text written by others: QueryNER, MG-ShopDial, CoSRec and Crowdflower.

None of that text comes with the program; :mod:`.reading` says where it is looked for.
"""

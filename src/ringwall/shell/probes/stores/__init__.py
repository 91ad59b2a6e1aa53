"""Probes of data stores: do they answer somebody who has not said who they are?"""

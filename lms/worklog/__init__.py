"""What work samples and written tasks promise alike, once: whatever a person sends is added to a log and never changed,
time ends with a late rule, another device goes on where this one stopped, and the page that asked has the person back.
"""

from hypothesis import settings

# property tests here compare numbers; a busy machine's clock is no reason to fail them
settings.register_profile("psychometrics", deadline=None)
settings.load_profile("psychometrics")

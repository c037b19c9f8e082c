from events.forms.colleagues import ColleaguesForm

__all__ = ["ColleaguesForm"]

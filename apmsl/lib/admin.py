"""The admin site: the staff's, signed in as everywhere else."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite


class PortalAdminSite(UnfoldAdminSite):
    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Sign-in is the portal's; whoever is signed in without being staff finds nothing here."""
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.get_full_path())

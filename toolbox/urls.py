from django.urls import path

from toolbox.views import jobs, loans, tools

app_name = "toolbox"
urlpatterns = [
    path("", tools.tools, name="tools"),
    path("<int:tool_id>/", tools.tool, name="tool"),
    path("<int:tool_id>/fichier/", tools.download, name="download"),
    path("offres/", jobs.jobs, name="jobs"),
    path("offres/publier/", jobs.publish, name="publish_job"),
    path("offres/<int:job_id>/", jobs.job, name="job"),
    path("offres/<int:job_id>/retirer/", jobs.close, name="close_job"),
    path("prets/", loans.lending, name="lending"),
    path("prets/<int:equipment_id>/", loans.equipment, name="equipment"),
    path("prets/demandes/<int:loan_id>/annuler/", loans.cancel, name="cancel_loan"),
]

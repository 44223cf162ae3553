from django.urls import path

from service_genius.estimates import views

app_name = "estimates"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.create, name="create"),
    path("draft/", views.draft, name="draft"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/status/", views.set_status, name="set_status"),
    path("<int:pk>/invoice/", views.make_invoice, name="make_invoice"),
    path("<int:pk>/void/", views.void, name="void"),
]

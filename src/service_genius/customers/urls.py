from django.urls import path

from service_genius.customers import views

app_name = "customers"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.create, name="create"),
    path("choices/", views.choices, name="choices"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/merge/", views.merge, name="merge"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("<int:pk>/reactivate/", views.reactivate, name="reactivate"),
]

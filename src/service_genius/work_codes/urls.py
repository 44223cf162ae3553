app_name = "work_codes"
urlpatterns: list[object] = []

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "workbench"

    def ready(self) -> None:
        from workbench.bigints import register

        register()
        # The bell (a shared task) rings through the app that is there when it is asked for.
        from workbench import celery  # noqa: F401

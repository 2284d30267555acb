"""Annotators and those who adjudicate write to one another about a layer, beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A message goes along with its layer, whoever removes that, and with the text it may quote. With the
# owner's rights, as `take_down` has them; the setting is what triggers yield to where one role does all.
GOES_ALONG = """
ALTER TABLE message
  ADD CONSTRAINT message_of_layer FOREIGN KEY (assignment_id) REFERENCES assignment ON DELETE CASCADE;
CREATE FUNCTION messages_were_taken_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('kutip.purge', 'on', true);
  DELETE FROM message WHERE assignment_id IN (SELECT id FROM assignment WHERE article_id = NEW.id);
  PERFORM set_config('kutip.purge', '', true);
  RETURN NULL;
END $$;
CREATE TRIGGER messages_were_taken_down AFTER UPDATE OF taken_down ON article
  FOR EACH ROW WHEN (NEW.taken_down AND NOT OLD.taken_down)
  EXECUTE FUNCTION messages_were_taken_down();
"""
STAYS = """
DROP TRIGGER messages_were_taken_down ON article;
DROP FUNCTION messages_were_taken_down();
ALTER TABLE message DROP CONSTRAINT message_of_layer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0023_columns_of_agreement_are_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "assignment_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("id", models.UUIDField()),
                ("span_id", models.UUIDField(null=True)),
                ("asks", models.BooleanField()),
                ("text", models.TextField()),
                ("waits", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="annotations.assignment",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "message",
                "indexes": [
                    models.Index(
                        condition=models.Q(("waits", True)),
                        fields=["to", "asks"],
                        name="message_waiting",
                    ),
                    models.Index(fields=["account", "at"], name="message_by_account"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="message_says_something",
                    )
                ],
            },
        ),
        migrations.RunSQL(GOES_ALONG, STAYS),
    ]

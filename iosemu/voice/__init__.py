"""The voice side of a router: its ports, its calls, and the applications that take them.

| to find | read |
|---|---|
| where calls come in and go out | `service` (the face), `ports`, `cables`, `circuit`, `q931` |
| which way they go | `dial_plan`, `digits`, `hunting`, `trunk_groups`, `number_translation` |
| what is known of a call | `ccapi`, `legs`; `history`, `events`, `*_statistics`, `call_rates` |
| a fax that becomes mail | `onramp`, `onramp_way`; `reception`, `fax_session`; `mailing`, `letter` |
| a mail that becomes a fax | `offramp`, `fax_call`, `mail_pages`, `verdicts`, `delivery_report` |
| a call that stays one | `session_call` with its two `call_sides` |
| a call over IP | `voip`, `voip_call`, `voip_media`; `codecs`, `codec_path`, `rtp`, `g711`, `fax_relay`, `sip_causes` |
| who may, and who is told | `accounting`, `accounting_records`, `fax_files` |
| what the configuration says | `settings`, `voip_settings`, `applications`, `mail_identity` |

Rule: an application reaches the rest of the router through `context.FaxContext` alone; nothing here prints.
"""

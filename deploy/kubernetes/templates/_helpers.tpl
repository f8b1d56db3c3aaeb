{{/* The name of an object of a service. Takes the root and the service's name. */}}
{{- define "whimbrel.name" -}}
{{- printf "%s-%s" (.root.Release.Name | trunc 40 | trimSuffix "-") .service -}}
{{- end -}}

{{- define "whimbrel.selector" -}}
app.kubernetes.io/name: whimbrel
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end -}}

{{- define "whimbrel.labels" -}}
{{ include "whimbrel.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* Whether a service reads the targets. */}}
{{- define "whimbrel.seesTargets" -}}
{{- if has .service (list "migration-executor" "validation-service") }}true{{ end -}}
{{- end -}}

{{- define "whimbrel.autoscaled" -}}
{{- if dig "autoscaling" "enabled" false .values }}true{{ end -}}
{{- end -}}

{{- define "whimbrel.secretEnv" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ required (printf "%s needs the name of a secret" .what) .secret.name }}
      key: {{ .secret.key }}
{{- end -}}

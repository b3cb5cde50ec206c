{{- define "dateline.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "dateline.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "dateline.labels" -}}
{{ include "dateline.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "dateline.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* What every container may do: nothing beyond reading its files and talking. */}}
{{- define "dateline.container-security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "dateline.pod-security" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* Settings that stand in the values; they win over the file. */}}
{{- define "dateline.env" -}}
- {name: DATELINE_KAFKA__BROKERS, value: {{ .Values.kafka.brokers | quote }}}
- {name: DATELINE_APP, value: {{ .Values.app | quote }}}
- {name: DATELINE_TOPICS__ARTICLES, value: {{ .Values.topics.articles | quote }}}
- {name: DATELINE_TOPICS__MENTIONS, value: {{ .Values.topics.mentions | quote }}}
{{- end -}}

{{- define "dateline.env-from" -}}
{{- with .Values.kafka.existingSecret }}
envFrom:
  - secretRef: {name: {{ . }}}
{{- end }}
{{- end -}}

{{- define "dateline.mounts" -}}
- {name: config, mountPath: /etc/dateline/dateline.toml, subPath: dateline.toml, readOnly: true}
{{- if .Values.kafka.tlsSecret }}
- {name: tls, mountPath: /etc/dateline/tls, readOnly: true}
{{- end }}
{{- end -}}

{{- define "dateline.volumes" -}}
- name: config
  configMap: {name: {{ include "dateline.name" . }}}
{{- with .Values.kafka.tlsSecret }}
- name: tls
  secret: {secretName: {{ . }}}
{{- end }}
{{- end -}}

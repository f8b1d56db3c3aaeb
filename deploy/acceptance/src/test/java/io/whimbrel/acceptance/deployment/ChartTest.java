package io.whimbrel.acceptance.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.whimbrel.local.Layout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The Helm chart: linted, rendered by Helm itself, and read as Kubernetes reads it. */
class ChartTest {
  private static final Path CHART = Layout.project().resolve("deploy/kubernetes");
  private static final Path VALUES =
      Layout.project().resolve("deploy/acceptance/src/test/resources/deployment/values.yaml");
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "apps/v1 Deployment", Deployment.class,
          "v1 Service", Service.class,
          "v1 ServiceAccount", ServiceAccount.class,
          "v1 PersistentVolumeClaim", PersistentVolumeClaim.class,
          "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
          "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
          "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
          "networking.k8s.io/v1 Ingress", Ingress.class);

  @Test
  void helmFindsNothingWrong() {
    LintResult result = new Helm(CHART).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    assertThat(result.getMessages()).allMatch(message -> message.startsWith("[INFO]"));
  }

  @Test
  void everyServiceHasWhatItNeeds() {
    List<HasMetadata> objects = rendered();

    for (Class<? extends HasMetadata> kind :
        List.of(
            Deployment.class,
            Service.class,
            ServiceAccount.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class)) {
      assertThat(of(objects, kind).map(object -> object.getMetadata().getName()))
          .as(kind.getSimpleName())
          .containsExactlyInAnyOrderElementsOf(
              Settings.SERVICES.stream().map(name -> "rel-" + name).toList());
    }
    assertThat(of(objects, HorizontalPodAutoscaler.class))
        .extracting(scaler -> scaler.getSpec().getScaleTargetRef().getName())
        .containsExactlyInAnyOrder("rel-migration-executor", "rel-validation-service");
    assertThat(of(objects, Ingress.class))
        .allMatch(
            ingress -> ingress.getSpec().getTls().get(0).getSecretName().equals("whimbrel-tls"))
        .hasSize(1);
    assertThat(of(objects, PersistentVolumeClaim.class)).hasSize(1);
  }

  @Test
  void containersMayLittleAndHaveLimitsAndProbes() {
    of(rendered(), Deployment.class)
        .forEach(
            deployment -> {
              PodSpec pod = deployment.getSpec().getTemplate().getSpec();
              String name = deployment.getMetadata().getName();
              assertThat(pod.getSecurityContext().getRunAsNonRoot()).as(name).isTrue();
              assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                  .isEqualTo("RuntimeDefault");
              assertThat(pod.getAutomountServiceAccountToken()).as(name).isFalse();
              assertThat(pod.getEnableServiceLinks()).as(name).isFalse();
              assertThat(pod.getTopologySpreadConstraints()).as(name).hasSize(2);
              assertThat(pod.getContainers()).hasSize(1);
              Container container = pod.getContainers().get(0);
              assertThat(Settings.pinned(container.getImage())).as(container.getImage()).isTrue();
              assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getSecurityContext().getCapabilities().getDrop())
                  .containsExactly("ALL");
              assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
              // A limit that is not asked for is one that a node may not have.
              assertThat(container.getResources().getRequests().get("memory"))
                  .isEqualTo(container.getResources().getLimits().get("memory"));
              assertThat(container.getLivenessProbe().getHttpGet().getPath())
                  .isEqualTo("/q/health/live");
              assertThat(container.getReadinessProbe().getHttpGet().getPath())
                  .isEqualTo("/q/health/ready");
              assertThat(container.getStartupProbe().getHttpGet().getPath())
                  .isEqualTo("/q/health/started");
              // What is written to is mounted, what is mounted is declared.
              Set<String> volumes = new HashSet<>();
              pod.getVolumes().forEach(volume -> volumes.add(volume.getName()));
              assertThat(container.getVolumeMounts())
                  .extracting(mount -> mount.getName())
                  .contains("tmp")
                  .containsExactlyInAnyOrderElementsOf(volumes);
            });
  }

  @Test
  void everySettingIsKnownAndSecretsAreReferences() {
    Set<String> known = Settings.documented();
    of(rendered(), Deployment.class)
        .flatMap(
            deployment -> deployment.getSpec().getTemplate().getSpec().getContainers().stream())
        .forEach(
            container -> {
              List<EnvVar> variables = container.getEnv();
              assertThat(known).containsAll(variables.stream().map(EnvVar::getName).toList());
              assertThat(variables).extracting(EnvVar::getName).doesNotHaveDuplicates();
              for (EnvVar variable : variables) {
                if (Settings.holdsASecret(variable.getName())) {
                  assertThat(variable.getValue()).as(variable.getName()).isNull();
                  assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isNotEmpty();
                }
              }
            });
    assertThat(template().call())
        .doesNotContain("kind: Secret")
        .containsOnlyOnce("name: WHIMBREL_BACKUP_ENCRYPTION_KEY")
        .containsOnlyOnce("port: 587");
  }

  @Test
  void aBucketTakesThePlaceOfTheVolumeOfBackups() {
    assertThat(
            template()
                .set("backups.bucket", "whimbrel-backups")
                .set("networkPolicy.backupsEgress[0].ports[0].port", 9444)
                .call())
        .containsOnlyOnce("name: MIGRATION_BACKUP_S3_BUCKET")
        .containsOnlyOnce("port: 9444")
        .doesNotContain("kind: PersistentVolumeClaim", "MIGRATION_BACKUP_DIR", "name: backups");
  }

  @Test
  void onlyTheGatewayIsReachedAndReachesTheOthers() {
    List<NetworkPolicy> policies = of(rendered(), NetworkPolicy.class).toList();

    assertThat(policies)
        .allMatch(policy -> policy.getSpec().getPolicyTypes().equals(List.of("Ingress", "Egress")));
    for (NetworkPolicy policy : policies) {
      boolean gateway = policy.getMetadata().getName().equals("rel-api-gateway");
      var http =
          policy.getSpec().getIngress().stream()
              .filter(rule -> "http".equals(rule.getPorts().get(0).getPort().getStrVal()))
              .toList();
      assertThat(http).hasSize(1);
      assertThat(http.get(0).getFrom()).as(policy.getMetadata().getName()).hasSize(1);
      assertThat(http.get(0).getFrom().get(0).getNamespaceSelector() != null).isEqualTo(gateway);
      assertThat(policy.getSpec().getEgress()).allMatch(rule -> !rule.getPorts().isEmpty());
    }
  }

  @Test
  void monitoringReachesTheManagementPortsThatItAsks() {
    Map<String, String> monitoring = Map.of("app.kubernetes.io/component", "monitoring-service");
    List<NetworkPolicy> policies = of(rendered(), NetworkPolicy.class).toList();

    assertThat(policies)
        .filteredOn(
            policy ->
                policy.getSpec().getIngress().stream()
                    .filter(
                        rule -> "management".equals(rule.getPorts().get(0).getPort().getStrVal()))
                    .flatMap(rule -> rule.getFrom().stream())
                    .map(peer -> peer.getPodSelector().getMatchLabels())
                    .anyMatch(labels -> labels.entrySet().containsAll(monitoring.entrySet())))
        .extracting(policy -> policy.getMetadata().getName())
        .containsExactlyInAnyOrder("rel-migration-executor", "rel-validation-service");
    assertThat(policies)
        .filteredOn(
            policy ->
                policy.getSpec().getEgress().stream()
                    .anyMatch(
                        rule -> "management".equals(rule.getPorts().get(0).getPort().getStrVal())))
        .extracting(policy -> policy.getMetadata().getName())
        .containsExactly("rel-monitoring-service");
  }

  @Test
  void valuesThatCannotBeMeantAreRefusedByName() {
    assertThatThrownBy(() -> new Helm(CHART).template().withKubeVersion("1.31.0").call())
        .hasMessageContaining("is missing");
    refused("kafka.securityProtocol", "PLAINTEXT", "securityProtocol");
    refused("image.tag", "latest", "tag");
    refused("services.api-gateway.env.WHIMBREL_KAFKA_PASSWORD", "open", "WHIMBREL_KAFKA_PASSWORD");
    refused("services.executor.replicas", "1", "executor");
    refused("ingress.tlsSecret", "", "ingress.tlsSecret is missing");
    refused(
        "services.migration-executor.database.url",
        "jdbc:postgresql://db/executor?password=open",
        "url");
  }

  private static void refused(String key, String value, String named) {
    assertThatThrownBy(() -> template().set(key, value).call()).as(key).hasMessageContaining(named);
  }

  private static TemplateCommand template() {
    return new Helm(CHART)
        .template()
        .withName("rel")
        .withKubeVersion("1.31.0")
        .withValuesFile(VALUES);
  }

  private static List<HasMetadata> rendered() {
    // A field that Kubernetes does not have fails, instead of being kept aside.
    JsonMapper strict =
        JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(
                new JacksonAnnotationIntrospector() {
                  private static final long serialVersionUID = 1;

                  @Override
                  public Boolean hasAnySetter(Annotated member) {
                    return false;
                  }
                })
            .build();
    List<HasMetadata> objects = new ArrayList<>();
    for (Object document : new Yaml().loadAll(template().call())) {
      if (document instanceof Map<?, ?> map) {
        Class<? extends HasMetadata> kind =
            KINDS.get(map.get("apiVersion") + " " + map.get("kind"));
        assertThat(kind).as("%s", map.get("kind")).isNotNull();
        objects.add(strict.convertValue(map, kind));
      }
    }
    return objects;
  }

  private static <T extends HasMetadata> Stream<T> of(List<HasMetadata> objects, Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast);
  }
}

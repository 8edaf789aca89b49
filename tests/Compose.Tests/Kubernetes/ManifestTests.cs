using k8s.Models;
using SandQueue.Testing;
using YamlDotNet.RepresentationModel;

namespace SandQueue.Compose.Tests.Kubernetes;

/// <summary>That the manifests name each other rightly: selectors, ports, accounts, settings, files.</summary>
public sealed class ManifestTests
{
    [Fact]
    public void The_namespace_enforces_the_restricted_profile() =>
        Manifests.Base.OfType<V1Namespace>().Single().Metadata.Labels["pod-security.kubernetes.io/enforce"].ShouldBe("restricted");

    [Fact]
    public void Every_selector_finds_the_pods_that_it_is_for()
    {
        var pods = Manifests.Deployments.Select(deployment => deployment.Spec.Template.Metadata.Labels).ToList();
        foreach (var deployment in Manifests.Deployments) Finds(deployment.Spec.Selector.MatchLabels, deployment.Spec.Template.Metadata.Labels).ShouldBeTrue();
        foreach (var service in Manifests.Base.OfType<V1Service>()) pods.Count(labels => Finds(service.Spec.Selector, labels)).ShouldBe(1, service.Metadata.Name);
        foreach (var budget in Manifests.Base.OfType<V1PodDisruptionBudget>()) pods.Count(labels => Finds(budget.Spec.Selector.MatchLabels, labels)).ShouldBe(1, budget.Metadata.Name);
        foreach (var policy in Manifests.Base.OfType<V1NetworkPolicy>()) pods.Count(labels => Finds(policy.Spec.PodSelector.MatchLabels, labels)).ShouldBe(1, policy.Metadata.Name);
    }

    [Fact]
    public void Both_have_a_disruption_budget_and_a_network_policy_of_both_directions()
    {
        Manifests.Base.OfType<V1PodDisruptionBudget>().Count().ShouldBe(2);
        Manifests.Base.OfType<V1NetworkPolicy>().Count().ShouldBe(2);
        Manifests.Base.OfType<V1NetworkPolicy>().ShouldAllBe(policy => policy.Spec.PolicyTypes.Contains("Ingress") && policy.Spec.PolicyTypes.Contains("Egress"));
    }

    [Fact]
    public void The_admin_port_is_reached_by_named_namespaces_alone()
    {
        var rules = Manifests.Base.OfType<V1NetworkPolicy>().SelectMany(policy => policy.Spec.Ingress).Where(rule => rule.Ports.Any(port => port.Port.Value == "admin")).ToList();
        rules.Count.ShouldBe(2);
        rules.SelectMany(rule => rule.FromProperty).ShouldAllBe(peer => peer.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"] != "" && peer.IpBlock == null);
    }

    [Fact]
    public void Ports_accounts_and_settings_are_there()
    {
        var accounts = Manifests.Base.OfType<V1ServiceAccount>().ToDictionary(account => account.Metadata.Name);
        accounts.Values.ShouldAllBe(account => account.AutomountServiceAccountToken == false);
        var settings = Manifests.Base.OfType<V1ConfigMap>().ToDictionary(map => map.Metadata.Name);
        foreach (var pod in Manifests.Deployments.Select(deployment => deployment.Spec.Template.Spec))
        {
            accounts.ShouldContainKey(pod.ServiceAccountName);
            var container = pod.Containers.Single();
            container.EnvFrom.Select(from => from.ConfigMapRef.Name).ShouldAllBe(name => settings.ContainsKey(name));
            foreach (var (name, value) in settings[container.EnvFrom.Single().ConfigMapRef.Name].Data.Where(setting => setting.Key.EndsWith("Listen", StringComparison.Ordinal)))
            {
                container.Ports.Select(port => port.ContainerPort).ShouldContain(int.Parse(value.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture), name);
            }
        }

        foreach (var port in Manifests.Base.OfType<V1Service>().SelectMany(service => service.Spec.Ports)) port.TargetPort.Value.ShouldBeOneOf("http", "admin");
    }

    [Fact]
    public void Every_file_is_one_of_its_folder_s_kustomization_and_every_resource_of_one_is_there()
    {
        foreach (var folder in Directory.GetDirectories(Manifests.Folder))
        {
            var kustomization = Manifests.Parse(File.ReadAllText(Path.Combine(folder, "kustomization.yaml")));
            var named = ((YamlSequenceNode)kustomization["resources"]).Select(resource => resource.ToString()).ToList();
            named.ShouldAllBe(name => Path.Exists(Path.Combine(folder, name)));
            Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml").ShouldBeSubsetOf(named);
        }
    }

    [Fact]
    public void The_scaler_asks_the_service_that_there_is_for_what_the_gateway_answers()
    {
        var scaler = Manifests.Parse(Manifests.Documents.Single(document => document.Kind == "ScaledObject").Yaml);
        scaler["spec"]["scaleTargetRef"]["name"].ToString().ShouldBe("sandqueue-worker");
        Manifests.Documents.ShouldNotContain(document => document.Kind == "ScaledObject" && document.File.StartsWith("base", StringComparison.Ordinal), "off unless it is asked for");
        var admin = Manifests.Base.OfType<V1Service>().Single(service => service.Metadata.Name == "sandqueue-gateway-admin");
        var triggers = ((YamlSequenceNode)scaler["spec"]["triggers"]).Cast<YamlMappingNode>().ToList();
        triggers.ShouldAllBe(trigger => trigger["metadata"]["url"].ToString() == $"http://sandqueue-gateway-admin.sandqueue.svc:{admin.Spec.Ports.Single().Port}/scaling");
        triggers.Select(trigger => trigger["metadata"]["valueLocation"].ToString()).ShouldBe(["environments.appworld.occupancy", "environments.appworld.waiting"]);
    }

    [Fact]
    public void The_monitor_reads_a_port_that_all_pods_have()
    {
        var monitor = Manifests.Parse(Manifests.Documents.Single(document => document.Kind == "PodMonitor").Yaml);
        var endpoint = (YamlMappingNode)((YamlSequenceNode)monitor["spec"]["podMetricsEndpoints"]).Single();
        Manifests.Deployments.SelectMany(deployment => deployment.Spec.Template.Spec.Containers).ShouldAllBe(container => container.Ports.Any(port => port.Name == endpoint["port"].ToString()));
        ((YamlMappingNode)monitor["spec"]["selector"]["matchLabels"]).Children.ShouldAllBe(label =>
            Manifests.Deployments.All(deployment => deployment.Spec.Template.Metadata.Labels[label.Key.ToString()] == label.Value.ToString()));
    }

    [Fact]
    public void Images_are_targets_of_the_Dockerfile()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "Dockerfile"));
        foreach (var image in Manifests.Deployments.SelectMany(deployment => deployment.Spec.Template.Spec.Containers).Select(container => container.Image.Split('/')[^1].Split(':')[0]))
        {
            dockerfile.ShouldMatch($@"(?m)^FROM \S+ AS {image}$");
        }
    }

    private static bool Finds(IDictionary<string, string> selector, IDictionary<string, string> labels) => selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);
}

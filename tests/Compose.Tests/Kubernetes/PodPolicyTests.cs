using k8s.Models;

namespace SandQueue.Compose.Tests.Kubernetes;

/// <summary>What a cluster with the restricted profile of the pod security standards demands, and what an operator does beside.</summary>
public sealed class PodPolicyTests
{
    /// <summary>What the restricted profile lets a volume be, without those that name the node's own.</summary>
    private static readonly Func<V1Volume, object?>[] Allowed =
    [
        volume => volume.ConfigMap, volume => volume.EmptyDir, volume => volume.Projected, volume => volume.Secret, volume => volume.DownwardAPI, volume => volume.PersistentVolumeClaim, volume => volume.Csi,
    ];

    public static TheoryData<string> Names => [.. Manifests.Deployments.Select(deployment => deployment.Metadata.Name)];

    [Fact]
    public void There_are_gateways_and_workers() => Names.Select(row => row.Data).ShouldBe(["sandqueue-gateway", "sandqueue-worker"]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_pod_passes_the_restricted_profile(string name)
    {
        var pod = Pod(name);
        pod.HostNetwork.ShouldNotBe(true);
        pod.HostPID.ShouldNotBe(true);
        pod.HostIPC.ShouldNotBe(true);
        pod.SecurityContext.RunAsNonRoot.ShouldBe(true);
        pod.SecurityContext.RunAsUser.ShouldNotBe(0);
        pod.SecurityContext.SeccompProfile.Type.ShouldBe("RuntimeDefault");
        pod.SecurityContext.Sysctls.ShouldBeNull();
        (pod.Volumes ?? []).ShouldAllBe(volume => Allowed.Any(kind => kind(volume) != null));
        foreach (var container in Containers(pod))
        {
            container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false);
            container.SecurityContext.Privileged.ShouldNotBe(true);
            container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"]);
            container.SecurityContext.Capabilities.Add.ShouldBeNull();
            (container.Ports ?? []).ShouldAllBe(port => port.HostPort == null);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_writes_nothing_but_what_has_a_limit_and_reaches_no_socket_of_the_node(string name)
    {
        var pod = Pod(name);
        Containers(pod).ShouldAllBe(container => container.SecurityContext.ReadOnlyRootFilesystem == true);
        pod.Volumes.ShouldAllBe(volume => volume.HostPath == null && volume.EmptyDir.SizeLimit != null);
        Containers(pod).SelectMany(container => container.VolumeMounts).Select(mount => mount.MountPath).ShouldBe(["/tmp"]);
        pod.AutomountServiceAccountToken.ShouldBe(false);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_probes_and_resources(string name)
    {
        foreach (var container in Containers(Pod(name)))
        {
            container.LivenessProbe.HttpGet.Path.ShouldBe("/healthz");
            container.StartupProbe.HttpGet.Path.ShouldBe("/healthz");
            container.ReadinessProbe.HttpGet.Path.ShouldBe("/readyz");
            foreach (var probe in (V1Probe[])[container.LivenessProbe, container.StartupProbe, container.ReadinessProbe])
            {
                container.Ports.Select(port => port.Name).ShouldContain(probe.HttpGet.Port.Value);
            }

            container.Resources.Requests.Keys.ShouldBe(["cpu", "memory", "ephemeral-storage"], ignoreOrder: true);
            container.Resources.Limits.Keys.ShouldContain("memory");
            container.Image.ShouldMatch(@":\d+\.\d+\.\d+$");
        }
    }

    /// <summary>A gateway waits for load balancers and stops within 4 s; a worker drains for 30 s at most.</summary>
    [Fact]
    public void They_have_the_time_that_they_need_to_stop()
    {
        var gateway = Pod("sandqueue-gateway");
        gateway.TerminationGracePeriodSeconds!.Value.ShouldBeGreaterThanOrEqualTo(Containers(gateway).Single().Lifecycle.PreStop.Sleep.Seconds + 5);
        Pod("sandqueue-worker").TerminationGracePeriodSeconds!.Value.ShouldBeGreaterThanOrEqualTo(40);
        Manifests.Deployments.ShouldAllBe(deployment => deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value == "0");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_secret_comes_by_reference(string name)
    {
        foreach (var variable in Containers(Pod(name)).SelectMany(container => container.Env))
        {
            var isSecret = variable.Name is "SANDQUEUE_Farm__RabbitMq" or "SANDQUEUE_Farm__Postgres" or "SANDQUEUE_API_KEYS" or "SANDQUEUE_ADMIN_KEYS" or "SANDQUEUE_Rollouts__SecretKey";
            if (isSecret) variable.ValueFrom.SecretKeyRef.Name.ShouldBe("sandqueue");
            else variable.Name.ShouldBe("DOTNET_EnableDiagnostics");
        }

        Manifests.Base.OfType<V1ConfigMap>().SelectMany(settings => settings.Data.Values).ShouldAllBe(value => !value.Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    private static V1PodSpec Pod(string name) => Manifests.Deployments.Single(deployment => deployment.Metadata.Name == name).Spec.Template.Spec;

    private static IEnumerable<V1Container> Containers(V1PodSpec pod) => pod.Containers.Concat(pod.InitContainers ?? []);
}

using System.Net;
using System.Net.Sockets;

namespace SandQueue.Rollouts.Endpoints;

/// <summary>Tells addresses of the public internet from all others, by the registries of special-purpose addresses (RFC 6890 and its updates).</summary>
internal static class PublicAddresses
{
    /// <summary>This machine's own.</summary>
    public static IReadOnlyList<IPNetwork> Loopback { get; } = Networks("127.0.0.0/8", "::1/128");

    /// <summary>Where clouds tell machines their secrets. None is called unless a setting names it, also those that look public or lie in a private network.</summary>
    public static IReadOnlyList<IPNetwork> Metadata { get; } = Networks(
        // Most clouds, with the credentials of containers at Amazon, and what Scaleway and Tencent have.
        "169.254.169.254/32",
        "169.254.170.2/32",
        "169.254.170.23/32",
        "169.254.42.42/32",
        "169.254.0.23/32",

        // Alibaba, in RFC 6598's network; Azure's host, in a public one; Oracle's older cloud.
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",

        // Over IPv6: Amazon, Google, Oracle, Scaleway, Akamai, Alibaba, and OpenStack.
        "fd00:ec2::/32",
        "fd20:ce::/32",
        "fd00:c1::/32",
        "fd00:42::/32",
        "fd00:a9fe:a9fe::/48",
        "fd00:100::100:200/128",
        "fe80::a9fe:a9fe/128");

    /// <summary>Those that a network gives itself: RFC 1918, RFC 6598, RFC 4193. Link-local ones are not among them.</summary>
    public static IReadOnlyList<IPNetwork> Private { get; } = Networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7");

    private static readonly IPNetwork[] Special = Networks(
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",

        // Of IPv6 only 2000::/3 is public; in it are the ways to IPv4 addresses (Teredo, 6to4) and to nobody.
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20");

    private static readonly IPNetwork PublicSix = IPNetwork.Parse("2000::/3");

    /// <summary>The address that is meant: an IPv4 address in the form of an IPv6 one is the IPv4 address.</summary>
    public static IPAddress Meant(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Whether anybody may be there.</summary>
    /// <param name="address">As <see cref="Meant"/> gives it.</param>
    public static bool Has(IPAddress address) => !IsMetadata(address) && address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(Special, network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => address.ScopeId == 0 && PublicSix.Contains(address) && !Array.Exists(Special, network => network.Contains(address)),
        _ => false,
    };

    /// <summary>Whether a cloud may tell its machines' secrets there.</summary>
    /// <param name="address">As <see cref="Meant"/> gives it.</param>
    public static bool IsMetadata(IPAddress address) => Metadata.Any(network => network.Contains(address));

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(IPNetwork.Parse)];
}

namespace SandQueue.Farm.Tests.Parts;

/// <summary>The programs that run trainers in other languages.</summary>
internal static class Trainers
{
    public const string Python = "/usr/bin/python3";

    public const string NoPika = "python3-pika is not installed";

    public static bool HasPika => File.Exists(Python) && File.Exists("/usr/lib/python3/dist-packages/pika/__init__.py");
}

namespace SandQueue.Transport.Health;

/// <summary>Ends this process in an orderly way, with an exit code that makes its supervisor start it again.</summary>
internal interface IProcessRestart
{
    void Request();
}

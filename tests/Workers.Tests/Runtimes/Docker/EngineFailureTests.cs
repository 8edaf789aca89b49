using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

public sealed class EngineFailureTests
{
    private static readonly Uri Engine = new("unix:///var/run/docker.sock");

    [Fact]
    public void A_socket_this_user_may_not_open_says_what_to_be_a_member_of()
    {
        // As the client reports it: wrapped once.
        var failure = new HttpRequestException("Connection failed", new SocketException((int)SocketError.AccessDenied));

        EngineFailure.Explain(Engine, "start the container x", failure).Message.ShouldBe(
            "cannot start the container x: this user may not use the Docker engine at unix:///var/run/docker.sock; run as a member of the socket's group, usually 'docker'");
    }

    [Theory]
    [InlineData("""{"message":"no space left on device\n"}""", "no space left on device")]
    [InlineData("not json", "Docker API responded with status code=InternalServerError, response=not json")]
    [InlineData("""{"other":1}""", """Docker API responded with status code=InternalServerError, response={"other":1}""")]
    public void A_refusal_is_the_engines_own_words(string body, string words)
    {
        EngineFailure.Explain(Engine, "create the container x", new DockerApiException(HttpStatusCode.InternalServerError, body)).Message
            .ShouldBe($"the Docker engine refused to create the container x: {words}");
    }

    [Fact]
    public void A_broken_connection_names_the_engine()
    {
        EngineFailure.Explain(Engine, "list containers", new IOException("Broken pipe")).Message
            .ShouldBe("cannot list containers: the Docker engine at unix:///var/run/docker.sock does not answer: Broken pipe");
    }
}

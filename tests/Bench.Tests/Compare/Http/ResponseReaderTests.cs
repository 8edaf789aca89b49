using System.Text;
using SandQueue.Bench.Compare.Http;

namespace SandQueue.Bench.Tests.Compare.Http;

public sealed class ResponseReaderTests
{
    private const string Whole = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3;x=y\r\n:1}\r\n0\r\n\r\n";

    [Theory]
    [InlineData(Whole, 200)]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\ncontent-length:7\r\n\r\n{\"a\":1}", 503)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Content-Length: 3\r\nCONTENT-LENGTH: 7\r\nDate: today\r\n\r\n{\"a\":1}", 200)]
    [InlineData(Chunked, 200)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\nChecked: yes\r\n\r\n", 200)]
    public void It_finds_status_and_body(string text, int status)
    {
        var received = Encoding.UTF8.GetBytes(text);

        ResponseReader.TryRead(received, out var response).ShouldBeTrue();

        response.Status.ShouldBe(status);
        response.End.ShouldBe(received.Length);
        BodyOf(received, response).ShouldBe("{\"a\":1}");
    }

    [Theory]
    [InlineData(Whole)]
    [InlineData(Chunked)]
    public void No_part_of_a_response_is_taken_for_all_of_it(string text)
    {
        var received = Encoding.UTF8.GetBytes(text);
        for (var length = 0; length < received.Length; length++) ResponseReader.TryRead(received.AsSpan(0, length), out _).ShouldBeFalse($"at {length} bytes");
    }

    [Fact]
    public void A_response_that_has_no_body_ends_with_its_headers()
    {
        ResponseReader.TryRead("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n"u8, out var response).ShouldBeTrue();

        (response.Status, response.End - response.BodyStart).ShouldBe((204, 0));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n")]
    [InlineData("HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n")]
    public void What_cannot_be_read_is_refused(string text) => Should.Throw<InvalidDataException>(() => ResponseReader.TryRead(Encoding.UTF8.GetBytes(text), out _));

    private static string BodyOf(byte[] received, RawResponse response)
    {
        var body = received.AsSpan(response.BodyStart, response.End - response.BodyStart);
        return Encoding.UTF8.GetString(response.IsChunked ? ResponseReader.Join(body) : body);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;

// Asks the process in this container whether it is ready for work; 0: it is. A bare socket: HttpClient would take three times as long to load.
const int PatienceMilliseconds = 2_000;
var port = int.TryParse(Environment.GetEnvironmentVariable("ASPNETCORE_HTTP_PORTS"), CultureInfo.InvariantCulture, out var given) ? given : 8080;
try
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    socket.SendTimeout = socket.ReceiveTimeout = PatienceMilliseconds;
    socket.Connect(IPAddress.Loopback, port);
    socket.Send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);

    var status = "HTTP/1.1 200"u8;
    var answer = new byte[status.Length];
    var length = 0;
    while (length < answer.Length && socket.Receive(answer, length, answer.Length - length, SocketFlags.None) is > 0 and var read)
        length += read;
    return answer.AsSpan().SequenceEqual(status) ? 0 : 1;
}
catch (SocketException)
{
    return 1;
}

using System.Buffers.Binary;
using System.Text;

namespace Coupon.Tests.Monitoring;

/// <summary>As much of Protocol Buffers as is needed to read what is sent over OTLP: https://protobuf.dev/programming-guides/encoding/</summary>
internal static class ProtobufFields
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    /// <summary>The fields of a message in their order; a number has no bytes.</summary>
    public static IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> Read(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            var tag = Number(ref message);
            var (field, kind) = ((int)(tag >> 3), (int)(tag & 7));
            switch (kind)
            {
                case Varint:
                    yield return (field, default, Number(ref message));
                    break;
                case Fixed64:
                    yield return (field, default, BinaryPrimitives.ReadUInt64LittleEndian(message.Span));
                    message = message[8..];
                    break;
                case Fixed32:
                    yield return (field, default, BinaryPrimitives.ReadUInt32LittleEndian(message.Span));
                    message = message[4..];
                    break;
                case Delimited:
                    var length = (int)Number(ref message);
                    yield return (field, message[..length], 0);
                    message = message[length..];
                    break;
                default:
                    throw new FormatException($"Protocol Buffers have no wire type {kind} here.");
            }
        }
    }

    /// <summary>All messages of one field.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Messages(this ReadOnlyMemory<byte> message, int field) =>
        Read(message).Where(read => read.Field == field).Select(read => read.Bytes);

    /// <summary>A text; empty where there is none, as the format has it.</summary>
    public static string Text(this ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(message.Messages(field).LastOrDefault().Span);

    /// <summary>Bytes in hexadecimal digits.</summary>
    public static string Hex(this ReadOnlyMemory<byte> message, int field) => Convert.ToHexStringLower(message.Messages(field).LastOrDefault().Span);

    /// <summary>A number; 0 where there is none, as the format has it.</summary>
    public static ulong Number(this ReadOnlyMemory<byte> message, int field) => Read(message).LastOrDefault(read => read.Field == field).Number;

    private static ulong Number(ref ReadOnlyMemory<byte> message)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[0];
            message = message[1..];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return number;
        }
    }
}

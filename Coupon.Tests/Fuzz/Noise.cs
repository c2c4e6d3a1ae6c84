using System.Globalization;
using System.Text;

namespace Coupon.Tests.Fuzz;

/// <summary>Draws values that people and attackers send: at the edges of numbers, times and texts, of the wrong type, or of none.</summary>
internal sealed class Noise(Random random)
{
    private static readonly string[] _numbers =
    [
        "0",
        "-0",
        "1",
        "-1",
        "01",
        "+1",
        "1.0",
        "1e3",
        "1e-300",
        "1e400",
        "0x10",
        "2147483647",
        "2147483648",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999999999",
        "NaN",
        "Infinity",
        "٣",
        "1_000",
        "",
        " 1",
    ];

    private static readonly string[] _times =
    [
        "2991-01-01T00:00:00Z",
        "2991-01-01T00:00:00",
        "2991-01-01T00:00:00+14:00",
        "2991-01-01T00:00:00+99:99",
        "2991-02-30T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0000-00-00T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2991-W01-1",
        "1700000000",
        "tomorrow",
        "2991-01-01T24:00:00Z",
        "2991-01-01T23:59:60Z",
        "2991-01-01T00:00:00.123456789012345Z",
    ];

    private static readonly string[] _texts =
    [
        "A coupon",
        "",
        " ",
        "\\u0000",
        "\\u001b[31m",
        "\\r\\nX: y",
        "\\u202e",
        "\\ud800",
        "\\udc00\\ud800",
        "\\uffff",
        "💥",
        "' OR 1=1 --",
        "<script>",
        "{{7*7}}",
        "%s%n",
        "../../etc/passwd",
        "\\u200b",
    ];

    public Random Random => random;

    public bool OneIn(int count) => random.Next(count) == 0;

    public T Of<T>(params T[] choices) => choices[random.Next(choices.Length)];

    public string Number() => OneIn(3) ? random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture) : Of(_numbers);

    public string Time() => Of(_times);

    /// <summary>A text, escaped as JSON has it.</summary>
    public string Text() => OneIn(8) ? new string(Of('x', '€', 'é'), random.Next(1, 3000)) : Of(_texts);

    /// <summary>Any JSON, or nearly.</summary>
    public string Json(int depth = 0) =>
        random.Next(depth > 3 ? 6 : 9) switch
        {
            0 => Number(),
            1 => $"\"{Text()}\"",
            2 => $"\"{Time()}\"",
            3 => "null",
            4 => Of("true", "false"),
            5 => Of("{", "[", "\"", "nul", "tru", "//x", "/*x*/1", ",", ":"),
            6 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(depth + 1)))}]",
            7 => new string('[', random.Next(1, 200)),
            _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Text()}\":{Json(depth + 1)}"))}}}",
        };

    public byte[] Bytes(int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Changes some bytes, leaves some out, or repeats some.</summary>
    public byte[] Damaged(byte[] bytes)
    {
        if (bytes.Length == 0)
            return bytes;
        var list = bytes.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(3))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1 when list.Count > 1:
                    list.RemoveAt(at);
                    break;
                default:
                    list.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. list];
    }

    public static byte[] Ascii(string text) => Encoding.UTF8.GetBytes(text);
}

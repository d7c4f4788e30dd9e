using System.Text;
using QRCoder;

namespace IdentityHub.Account;

/// <summary>A QR code as the path of an inline SVG: no request, no script, no style. Pure.</summary>
internal static class QrCode
{
    /// <summary>The width and height in modules, the quiet zone included, and the dark modules as one path.</summary>
    public static (int Size, string Path) Draw(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var (rows, path) = (data.ModuleMatrix, new StringBuilder());
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows[y].Length; x++)
            {
                if (rows[y][x])
                {
                    path.Append(System.Globalization.CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return (rows.Count, path.ToString());
    }
}

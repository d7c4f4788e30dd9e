using IdentityHub.Data;

namespace IdentityHub.Mail;

/// <summary>
/// Mails to people, and the links in them. A mail is a row in the transaction of the act it tells of; the sender carries
/// it to a mail server or into a folder, as often as it takes. It may never log an address, a link or what a server wrote
/// back, never make a request wait for a mail server, and never decide who is to be told what.
/// </summary>
internal static class MailSetup
{
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddOptions<MailOptions>().BindConfiguration("Mail").PostConfigure(mail => Check(mail.Refusal(development))).ValidateOnStart();
        builder.Services.AddOptions<LinkOptions>().BindConfiguration("Links").PostConfigure(links => Check(links.Refusal())).ValidateOnStart();
        if (builder.Configuration["Mail:Smtp:Host"] is { Length: > 0 })
        {
            builder.Services.AddSingleton<IMailCarrier, SmtpCarrier>();
        }
        else
        {
            builder.Services.AddSingleton<IMailCarrier, PickupFolder>();
        }

        builder.Services.AddSingleton<MailSeal>().AddSingleton<LetterWriter>().AddSingleton<MailSignal>().AddSingleton<MailMetrics>();
        builder.Services.AddSingleton<MailQueue>().AddSingleton<MailedLinks>();
        builder.Services.AddHostedService<MailSender>();
        builder.Services.AddHostedService<MailPruning>();
        return builder;
    }

    private static void Check(string? refusal)
    {
        if (refusal is not null)
        {
            throw new SettingException(refusal);
        }
    }
}

/* Keys made for these tests only. */
#pragma once

static const char EC_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                             "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgm2bh8WU7b+dOM6Dn\n"
                             "cRXbvZwYHBx+3SC9pF2RxBbrUCihRANCAASPJhSmD4JSG1jPUqhJUpZHXjD9D0eU\n"
                             "UsA10aLOtSkfDS6EBW1Y8M8Afl/lQTHFM3UXWWoL1vEjfYRjEpiiQ65J\n"
                             "-----END PRIVATE KEY-----\n";

static const char EC_PUBLIC_PEM[] = "-----BEGIN PUBLIC KEY-----\n"
                                    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjyYUpg+CUhtYz1KoSVKWR14w/Q9H\n"
                                    "lFLANdGizrUpHw0uhAVtWPDPAH5f5UExxTN1F1lqC9bxI32EYxKYokOuSQ==\n"
                                    "-----END PUBLIC KEY-----\n";

static const char RSA_PEM[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC+qha2Pqx+oQgV\n"
                              "vXXN+sAHp/9+jBV6qwcSjZmha/nZzdNuTo20jSbuV3+/gdreoQHZ8IEHF0TRN9rR\n"
                              "WLJEMtjrW7WHkthAz1MVsYKae9GGbJhzmWS/GXFlKdCL8D7CfYJo/PpvN6VJS2e6\n"
                              "SBx134ZkCBMOCALp/FH4CmHiv6ImTWwuGQSbJ9LaVHYMGvSnqEWbhtyTxxtiw2cW\n"
                              "wiQdxNazCkYDJvENN8ddLKvJ1Ml6tJxBtaSY8acgQAIYhyJIdeE7Gmm1Ld5j1glE\n"
                              "I0XbIaZS1vyUTovdY81aiKyMYHubt+bMxTuwuROR2oqCCwP7QmucNCzZCKmzyfWT\n"
                              "yOCfl9+rAgMBAAECggEAGc89ftMSF5wl04ePlF/+saqgr9k3qSDQtsa7Rroumri9\n"
                              "h7+TeB7pZ7cpgFuMLLnf3cgsNzEDrEyiztbyXsABVC7Ybm9G3dMS3KtoUhAzxz4Z\n"
                              "DwDzPdksW/TimabeYAaMajjgj8CZG8hc1L8hNyWYdB8RsUMNXe49jFWfdYnaYdO6\n"
                              "OARbyeGUoXR5CHoXczpaGCIQH49lrNx1U9kv8xtzxPgITxCO/y6WZGfVlvitToBZ\n"
                              "7g8hAKPM44k8GUaBMfvCgIbIZQOaYGmdN+K7Q53MaFr353ISjgqxI7EjrB+xTXTu\n"
                              "bJYlOA7MW9Ph4CbC4cRDMjxybVJUOwiof92u+XWfnQKBgQDt+abrnke79VL28bIQ\n"
                              "1wwNC+qMlp4zudMFQoBqzK/ZAXD4xk0/gxKF7eKRANu0Hbp2YPjeYLunnc6zo5MS\n"
                              "yzvJ8/3kDLetsB3WUEsYeMYQSDPbAiNA3drBzkgGrGzNX7qUksHI0aPFGXK99SgD\n"
                              "H/ylM8WAgr8FJHHQG+oD4b/5NwKBgQDNGxQh1v2YRXwBxEFUbrELxrUbcBDJ32Mj\n"
                              "iJvvWzpVtUxVYwgBn683Vc18+YfbbcCq+xiX/4rkl1h1CaIb6YbHAVtucuspu5VL\n"
                              "GvmpLsobCVee6VSonqDU/4L2x9xSzGFmGAEPKqEAxU0LER4SUFp7CPEzXPI0zYh+\n"
                              "j9SfckP3LQKBgQCCjuvf6odqfC4XIwTRLloDMl1s4hlLQZCfGxv+++shwCOtqIWq\n"
                              "6YsZBSi+6tyeVYz98ze2MRXi4LYNYhmHPw6/Pmg1XDDNTokgEg8RDvmC50njxql2\n"
                              "pgClQTnMx34tsm5XoqhEN5eEw/BqfPyFsl/Wdq/NUG3iMVtrlFTv6kN7QwKBgAVN\n"
                              "M+IECp4K/b+V8RJbohvp0PialvSA37ElcNJpC0L34rc6ThSsqfzGLP+T+50CYz6I\n"
                              "KwSSyGZMOy8bRqNuD9vI/zIFqmpzvNIqKlXjLboxLaCf615Ia2PWDu6OD/Xb7pCT\n"
                              "AkQAGBVLBEjK8noKtawEeSeYuXH/9g0/boGIlJUpAoGAWH1PLDnyojmSHxNwAEVH\n"
                              "yUmn8VPU29lLNsQP6C5/6eXfmdXdR7se7Wp0FCl8NPisPw7hZzjJxvKWC9bhhtZy\n"
                              "aLypRsA7zZl27/GUN+ZF9/C+D+bsgkvN0iTtxfP+2TI1kKJ9Ih9oyVvaopRCiyFG\n"
                              "ftGKj7QbptFozWb8bIs1bfw=\n"
                              "-----END PRIVATE KEY-----\n";

static const char RSA_PUBLIC_PEM[] = "-----BEGIN PUBLIC KEY-----\n"
                                     "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAvqoWtj6sfqEIFb11zfrA\n"
                                     "B6f/fowVeqsHEo2ZoWv52c3Tbk6NtI0m7ld/v4Ha3qEB2fCBBxdE0Tfa0ViyRDLY\n"
                                     "61u1h5LYQM9TFbGCmnvRhmyYc5lkvxlxZSnQi/A+wn2CaPz6bzelSUtnukgcdd+G\n"
                                     "ZAgTDggC6fxR+Aph4r+iJk1sLhkEmyfS2lR2DBr0p6hFm4bck8cbYsNnFsIkHcTW\n"
                                     "swpGAybxDTfHXSyrydTJerScQbWkmPGnIEACGIciSHXhOxpptS3eY9YJRCNF2yGm\n"
                                     "Utb8lE6L3WPNWoisjGB7m7fmzMU7sLkTkdqKggsD+0JrnDQs2Qips8n1k8jgn5ff\n"
                                     "qwIDAQAB\n"
                                     "-----END PUBLIC KEY-----\n";
